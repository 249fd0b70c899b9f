"""An import-linter contract: a package imports itself and what is named, nothing else."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyContract(Contract):
    """Layers let ``domain -> flask`` pass; this contract does not."""

    source = fields.ModuleField()
    allowed = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - the signature is import-linter's
        """List each import of the source package that is not allowed."""
        source = str(self.source.name)  # type: ignore[attr-defined]  # import-linter turns fields into values at run time
        allowed: set[str] = self.allowed  # type: ignore[assignment]  # as above
        modules = {source} | graph.find_descendants(source)
        bad = [
            (module, imported)
            for module in sorted(modules)
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if imported not in modules and imported.split(".")[0] not in allowed
        ]
        return ContractCheck(kept=not bad, metadata={"bad": bad})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name the offending imports."""
        for module, imported in check.metadata["bad"]:
            output.print_error(f"{module} imports {imported}")
