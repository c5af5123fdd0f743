// An independent, slow model of which hosts a key of an auth file is for. Shares no code with src/.

const HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** Whether a key, as people write it, may give its credential to a repository `host/path`. */
export function mayGive(key: string, repository: string): boolean {
  const [host = '', ...path] = repository.split('/');
  const bare = key.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  const [pattern = '', ...prefix] = bare.split('/');
  const isVersion = prefix.length === 1 && ['v1', 'v2'].includes(prefix[0] ?? '');
  return (
    hostFits(pattern, host) && (isVersion || prefix.every((part, index) => part === path[index]))
  );
}

function hostFits(pattern: string, host: string): boolean {
  const [wanted, given] = [folded(pattern).split('.'), folded(host).split('.')];
  return (
    pattern !== '' &&
    wanted.length === given.length &&
    wanted.every((label, index) => labelFits(label, given[index] ?? ''))
  );
}

function folded(host: string): string {
  const lower = host.toLowerCase();
  return HUB.includes(lower) ? 'docker.io' : lower;
}

/** `*` is any text without a colon, tried at every length. */
function labelFits(pattern: string, label: string): boolean {
  if (pattern === '') return label === '';
  if (pattern.startsWith('*')) {
    if (labelFits(pattern.slice(1), label)) return true;
    return label !== '' && !label.startsWith(':') && labelFits(pattern, label.slice(1));
  }
  return pattern[0] === label[0] && labelFits(pattern.slice(1), label.slice(1));
}
