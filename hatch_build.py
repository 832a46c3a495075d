"""Build the compiled core where there is a compiler; without one the package is built all the same, and says so."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FOLDER = Path("annotator/core")


class CustomBuildHook(BuildHookInterface[Any]):
    """Compiles each source of the core beside it; the wheel is then for this system, and for Python 3.11 and later."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the module to a wheel or an editable install; not with ``ANNOTATOR_NO_COMPILER`` in the environment."""
        if self.target_name != "wheel":
            return
        try:
            built = None if os.environ.get("ANNOTATOR_NO_COMPILER") else self._compile()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a compiler, the package works without it
            self.app.display_warning(f"the compiled core was not built ({type(error).__name__}: {error})")
            built = None
        if built is None:
            self.app.display_warning("annotator runs with its interpreted core: the same results, more slowly")
            return
        build_data["artifacts"] += [path.relative_to(self.root).as_posix() for path in built]
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"cp311-abi3-{platform}"

    def _compile(self) -> list[Path]:
        """Return the modules, each compiled and imported once to see that it works. Raises whatever a compiler may."""
        from setuptools import Distribution, Extension

        if sysconfig.get_config_var("Py_GIL_DISABLED"):
            raise RuntimeError("a Python without its lock has no limited API")
        made: dict[Path, bytes] = {}
        with TemporaryDirectory() as folder:
            for source in sorted((Path(self.root) / _FOLDER).glob("*.c")):
                name = source.stem
                extension = Extension(name, [str(source)], py_limited_api=True)
                command = Distribution({"name": name, "ext_modules": [extension]}).get_command_obj("build_ext")
                command.build_lib = command.build_temp = folder
                command.ensure_finalized()
                command.run()
                path = Path(command.get_ext_fullpath(name))
                _try_out(name, path)
                made[source.with_name(f"{name}.pyd" if os.name == "nt" else f"{name}.abi3.so")] = path.read_bytes()
        for target, data in made.items():  # all of them or none
            if not target.exists() or target.read_bytes() != data:
                aside = target.with_name(f"{target.name}.new")
                aside.write_bytes(data)
                aside.replace(target)  # at once: another process may be about to load it
        return [*made]


def _try_out(name: str, path: Path) -> None:
    from importlib.machinery import ExtensionFileLoader
    from importlib.util import module_from_spec, spec_from_loader

    loader = ExtensionFileLoader(name, str(path))
    spec = spec_from_loader(name, loader)
    assert spec is not None
    loader.exec_module(module_from_spec(spec))
