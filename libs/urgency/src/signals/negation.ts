/** Words that turn what follows into its opposite: "nobody was hurt", "not urgent". "Not only" does not. */
export const NEGATORS: readonly RegExp[] = [
  /not(?! (?:only|just|even|to mention))\b/,
  /(?:no|never|nobody|none|nothing|without|neither|nor|hardly)\b/,
  /(?:is|was|are|were|do|does|did|has|have|had|wo)n'?t\b/,
];

/** Words after which a good end is only hoped for, demanded or doubted: "until it is solved", "you said it was fixed". */
export const NOT_YET: readonly RegExp[] = [
  /(?:until|till|unless|if|when|once|before|must|needs?|want(?:s|ed)?|should|supposed)\b/,
  /(?:claims?|says?|said|told)\b/,
];
