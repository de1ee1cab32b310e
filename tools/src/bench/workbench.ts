/** What every bench is given. */
export interface Workbench {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Told after each pair. */
  readonly progress: (pair: number) => void;
}
