/** Arguments of every bench. */
export interface Workbench {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Called with the number of each finished pair. */
  readonly progress: (pair: number) => void;
}
