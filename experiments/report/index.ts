// The door of reports: a document in, a page, a picture or tables out.

export { csv } from './csv.js';
export { pictureFile } from './drawing.js';
export { html } from './html.js';
export { reportData } from './json.js';
export { markdown } from './markdown.js';
export { readReport } from './read.js';
export { picturesOf, type Report, tablesOf } from './report.js';
