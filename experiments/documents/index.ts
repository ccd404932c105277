// The door of documents: from a file, with line and column, to a checked document; one clear line when it is wrong.

export { check, type Kind } from './check.js';
export { escaped, quoted } from './found.js';
export type { Located, Path } from './located.js';
export { suggestion } from './nearest.js';
export { parseDocument, readDocument, readText } from './read.js';
export { describeShape, fieldsOf, shapeAt, shapeOf } from './shape.js';
