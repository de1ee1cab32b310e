/** Arguments of every bench. */
export interface Workbench {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of another built workspace, for example of an earlier commit; some benches compare with it instead of with a rival. */
  readonly against?: string;
  /** Called with the number of each finished pair. */
  readonly progress: (pair: number) => void;
}
