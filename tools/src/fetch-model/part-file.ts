import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Digest, Digester } from './digest';
import { explainFileError } from './errors';

/**
 * A file being downloaded, under a temporary name beside its target, so that no reader sees a part of it. The name is unique, so
 * that concurrent downloads do not mix. Every method throws FetchFailed when the file system fails.
 */
export class PartFile {
  readonly #target: string;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #expectedBytes: number | undefined;
  #digester: Digester;

  private constructor(target: string, path: string, handle: FileHandle, expectedBytes: number | undefined) {
    this.#target = target;
    this.#path = path;
    this.#handle = handle;
    this.#expectedBytes = expectedBytes;
    this.#digester = new Digester(expectedBytes);
  }

  /** Creates the file and the directories above it. */
  static async create(target: string, expectedBytes: number | undefined): Promise<PartFile> {
    const directory = dirname(target);
    const path = join(directory, `.${basename(target)}.${randomUUID()}.part`);
    try {
      await mkdir(directory, { recursive: true });
      return new PartFile(target, path, await open(path, 'wx+'), expectedBytes);
    } catch (error) {
      throw explainFileError(target, error);
    }
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#digester.bytes;
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#onDisk(async () => {
      for (let done = 0; done < chunk.byteLength;) {
        const { bytesWritten } = await this.#handle.write(chunk, done, chunk.byteLength - done, this.bytes + done);
        done += bytesWritten;
      }
    });
    this.#digester.update(chunk);
  }

  async startOver(): Promise<void> {
    await this.#onDisk(() => this.#handle.truncate(0));
    this.#digester = new Digester(this.#expectedBytes);
  }

  /** The first bytes, or all of a short file. */
  async head(bytes: number): Promise<Buffer> {
    return this.#onDisk(async () => {
      const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(bytes), 0, bytes, 0);
      return buffer.subarray(0, bytesRead);
    });
  }

  /** Flushes to the disk and returns the digest. Nothing can be written afterwards. */
  async finish(): Promise<Digest> {
    await this.#onDisk(() => this.#handle.sync());
    return this.#digester.end();
  }

  /** Renames the file to its target, atomically. */
  async keep(): Promise<void> {
    await this.#onDisk(async () => {
      await this.#handle.close();
      await rename(this.#path, this.#target);
    });
  }

  /** Removes the file. Allowed at any time; has no effect after {@link keep}. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#path, { force: true });
  }

  async #onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw explainFileError(this.#target, error);
    }
  }
}
