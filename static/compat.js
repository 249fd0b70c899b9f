// htmx 4.0.1 calls parseHTMLUnsafe with two arguments, which Chromium 140 (all Qt windows) refuses.
// Always wrap: a probe would itself violate Trusted Types.
const parseHTML = Document.parseHTMLUnsafe?.bind(Document);
if (parseHTML) Document.parseHTMLUnsafe = (html) => parseHTML(html);
