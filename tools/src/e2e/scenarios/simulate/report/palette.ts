/** The few colours of the report. */
export const INK = '#1f2933';
export const MUTED = '#66727f';
export const GRID = '#e3e8ee';
export const BAND = '#eef2f7';
export const EDGE = '#cfd8e3';
export const BLUE = '#2f6690';
export const PALE_BLUE = '#a9c4d9';
export const TEAL = '#3c8d7f';
export const AMBER = '#d9902f';
export const RED = '#b8473d';
