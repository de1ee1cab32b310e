/** The score of a text without a letter or digit: nothing is asked, the lowest row of the rubric. */
export const NOTHING_SAID = 0.05;
