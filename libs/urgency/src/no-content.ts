/** The score of a text without a letter or digit: nothing is asked, the lowest row of the rubric. */
export const NO_CONTENT = 0.05;
