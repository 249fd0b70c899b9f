"""The print of a family offer of six pages, with other answers each time, so that nothing is found ready."""

import itertools
import time
from dataclasses import replace

from localapp.output.printout import printout
from localapp.output.typesetter import Typesetter
from localapp.web.printing import source_of
from tests import family
from tests.bench.desks import open_family
from tests.bench.table import Row, measured

PDF_TARGET = 150.0
COUNT = 40


def rows() -> list[Row]:
    """The print from the store to its bytes, and its parts; the first one loads typst and its fonts."""
    with open_family() as found:
        family.complete(found.asking, found.address)
        document = found.address.rpartition("/")[2]
        source = source_of(found.desk, document)
        assert source is not None
        typesetter, numbers = Typesetter(), itertools.count()

        def other() -> None:
            named = replace(source.document, former_number=f"N26-{next(numbers):06}")
            made.append(printout(replace(source, document=named)))

        made = [printout(source)]
        start = time.perf_counter()
        typesetter.pdf(made[0])
        once = (time.perf_counter() - start) * 1000

        def whole() -> None:
            assert source_of(found.desk, document) is not None
            other()
            typesetter.pdf(made[-1])

        def pictures() -> None:
            other()
            typesetter.pages(made[-1])

        return [
            Row("print: the first PDF of a run", once, once, 1),
            measured("print: PDF of an offer of six pages, from the store", whole, count=COUNT, target_p95=PDF_TARGET),
            measured("print: of that, what is printed", lambda: source_of(found.desk, document), count=COUNT),
            measured("print: the pages as pictures", pictures, count=COUNT // 2),
        ]
