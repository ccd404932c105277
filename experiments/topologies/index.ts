// The door of topologies: target networks from files and descriptions, to files and pictures.

export { networkPicture } from './picture.js';
export { parseNetwork, readNetwork } from './read.js';
export { networkText } from './write.js';
