// The door of reports: a document in, a page, a picture or tables out.

export { csv } from './csv.js';
export { pictureFile } from './drawing.js';
export { figureMarkup, html, sectionsMarkup } from './html.js';
export { reportData } from './json.js';
export { kneePicture } from './knee-picture.js';
export { markdown } from './markdown.js';
export { plainText } from './markup.js';
export { pageScript } from './page-script.js';
export { pageStyle } from './page-style.js';
export { planReport } from './plan.js';
export { readReport } from './read.js';
export { picturesOf, type Report, tablesOf } from './report.js';
