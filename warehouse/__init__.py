"""The lake, the models over it and the releases made of them."""
