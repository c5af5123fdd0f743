import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * Variables by which the runtime loads code, waits for a debugger, or becomes the bare runtime before a
 * line of the program runs; and those of files that it reads to their end before a request, which the
 * program trusts for nothing, and which may have none. The plugin runs as root with the kubelet's whole
 * environment, and the runtime has no setting against them.
 */
const VARIABLES = [
  'BUN_OPTIONS',
  'BUN_BE_BUN',
  'BUN_INSPECT',
  'BUN_INSPECT_CONNECT_TO',
  'BUN_INSPECT_PRELOAD',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/**
 * Makes an executable deaf to these variables: their names, as the runtime hands them to getenv(3), become
 * empty strings, and no variable has an empty name. Throws where the runtime does not know such a name, so
 * that a new version of it is looked at anew (test/e2e/fire/runtime-doors.test.ts opens each door).
 */
export function closeRuntimeDoors(executable: string): void {
  const bytes = readFileSync(executable);
  const file = openSync(executable, 'r+');
  try {
    for (const name of VARIABLES) {
      const at = bytes.indexOf(`\0${name}\0`);
      if (at === -1) throw new Error(`${executable}: the runtime does not hold the name ${name}`);
      writeSync(file, Buffer.of(0), 0, 1, at + 1);
    }
  } finally {
    closeSync(file);
  }
}
