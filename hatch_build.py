"""Build the compiled core where there is a compiler; without one the package is built all the same, and says so."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SOURCE = Path("annotator/core/scan.c")


class CustomBuildHook(BuildHookInterface[Any]):
    """Compiles ``scan.c`` beside its source; the wheel is then for this system, and for Python 3.11 and later."""

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
        build_data["artifacts"].append(built.relative_to(self.root).as_posix())
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"cp311-abi3-{platform}"

    def _compile(self) -> Path:
        """Return the module, compiled and imported once to see that it works. Raises whatever a compiler may."""
        from setuptools import Distribution, Extension

        if sysconfig.get_config_var("Py_GIL_DISABLED"):
            raise RuntimeError("a Python without its lock has no limited API")
        source = Path(self.root) / _SOURCE
        with TemporaryDirectory() as folder:
            extension = Extension("scan", [str(source)], py_limited_api=True)
            command = Distribution({"name": "scan", "ext_modules": [extension]}).get_command_obj("build_ext")
            command.build_lib = command.build_temp = folder
            command.ensure_finalized()
            command.run()
            made = Path(command.get_ext_fullpath("scan"))
            _try_out(made)
            target = source.with_name("scan.pyd" if os.name == "nt" else "scan.abi3.so")
            data = made.read_bytes()
            if not target.exists() or target.read_bytes() != data:
                aside = target.with_name(f"{target.name}.new")
                aside.write_bytes(data)
                aside.replace(target)  # at once: another process may be about to load it
        return target


def _try_out(path: Path) -> None:
    from importlib.machinery import ExtensionFileLoader
    from importlib.util import module_from_spec, spec_from_loader

    loader = ExtensionFileLoader("scan", str(path))
    spec = spec_from_loader("scan", loader)
    assert spec is not None
    loader.exec_module(module_from_spec(spec))
