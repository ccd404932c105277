// Text inside HTML and SVG.

/** Stands for itself between tags and in attributes. */
export const plainText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
