// How a value on the command line names a document: a file, or a name in a catalogue.

/** A value with a slash, or with the ending of a document, is a file. */
export function isFile(value: string): boolean {
  return value.includes('/') || /\.(json|yaml|yml)$/i.test(value);
}
