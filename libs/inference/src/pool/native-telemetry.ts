/**
 * Switches off onnxruntime's telemetry, which otherwise writes a database and a device id under the home directory and
 * reports to its vendor. The native library reads the variable once, while it is being loaded, so this has to run before
 * the first thread starts; no call of its API does it later. A value that is already there is kept.
 *
 * Has an effect in the main thread only: in a worker thread `process.env` is a copy that native code does not see.
 */
export function disableNativeTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
}
