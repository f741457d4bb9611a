/** Versions that rows of several topics install, each pinned here once. */
export const NODE_20_TYPES = { '@types/node': '20.19.43' };
export const NODE_24_TYPES = { '@types/node': '24.19.2' };
/** Runs the scripts of the projects that have it; the others run on the Node of this process. */
export const NODE_24 = { node: '24.21.0' };

export const MSW = { '2.11': '2.11.0', '2.15': '2.15.0', '3': '3.0.5' } as const;
// From 5.3 on, instanceof of an error narrows to the union.
export const TYPESCRIPT = { '5.3': '5.3.3', '5.9': '5.9.3', '6': '6.0.3', '7': '7.0.2' } as const;
