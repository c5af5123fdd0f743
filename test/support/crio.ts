import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';

/**
 * Takes an auth file as CRI-O does (server/image_pull.go): where it is there, it is renamed into
 * `in-use/`, and a rename that fails then fails the pull. Undefined where there was no file.
 */
export function takeAuthFile(authDir: string, name: string): string | undefined {
  const path = `${authDir}/${name}`;
  if (!existsSync(path)) return undefined;
  const inUse = `${authDir}/in-use`;
  mkdirSync(inUse, { recursive: true });
  const taken = `${inUse}/${name.replace('.json', '')}-${crypto.randomUUID()}.json`;
  renameSync(path, taken);
  return readFileSync(taken, 'utf8');
}
