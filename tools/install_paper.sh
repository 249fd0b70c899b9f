#!/bin/sh
# The tests of the print read it with programs that know nothing of how it was made. Installs them where it may.
exec sh tools/install_packages.sh "The print is tested with other programs." poppler-utils qpdf
