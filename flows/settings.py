"""Settings of a run: the environment (PAPERHOUSE_…), then paperhouse.toml in the working folder, then defaults."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

import seeds
from warehouse.errors import InputError

_SHIPPED_CORRECTIONS = Path(str(seeds.folder().joinpath("corrections")))


class Settings(BaseSettings):
    """What a run may be told; every field can be set as PAPERHOUSE_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="PAPERHOUSE_", toml_file="paperhouse.toml", frozen=True, extra="forbid"
    )

    data: Path = Field(Path("data"), description="Folder of lake/, releases/, runs/ and warehouse.duckdb.")
    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, description="Processes of a direct run.")
    chunk_records: int = Field(20_000, ge=1, description="Records of one Parquet part.")
    memory_limit: str = Field("2GB", pattern=r"^\d+(\.\d+)?\s*[KMGT]i?B$", description="What DuckDB may use.")
    corrections: Path = Field(_SHIPPED_CORRECTIONS, description="Folder of corrections by hand (CSV files).")
    keep_releases: int = Field(3, ge=1, description="Releases kept, the present one included.")

    @field_validator("data", "corrections")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The sources in order of precedence."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(data: Path | None = None) -> Settings:
    """The settings in force, `data` overriding where they point; raises InputError naming the setting that is wrong."""
    try:
        return Settings() if data is None else Settings(data=data)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"paperhouse.toml: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"setting {name}: {first['msg']} (got {first['input']!r})") from error
