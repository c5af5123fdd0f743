const NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const NAME_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', " +
  `regex used for validation is '${NAME}')`;
const LONGEST_NAME = 63;

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must " +
  "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', " +
  `regex used for validation is '${LABEL}')`;

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
  "and must start and end with an alphanumeric character (e.g. 'example.com', " +
  `regex used for validation is '${SUBDOMAIN}')`;
const LONGEST_SUBDOMAIN = 253;

/**
 * What is wrong with a label or annotation key (`example.com/name` or `name`), a sentence each; empty
 * where it is valid. Source of the rule: apimachinery, validation.IsQualifiedName.
 */
export function qualifiedNameErrors(key: string): readonly string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    const form = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
    return [`a valid label key ${NAME_RULE} ${form}`];
  }
  const name = parts.at(-1) ?? '';
  return [...(parts.length === 2 ? prefixErrors(parts[0] ?? '') : []), ...nameErrors(name)];
}

/** What is wrong with a DNS-1123 subdomain, as most Kubernetes object names are. */
export function subdomainErrors(text: string): readonly string[] {
  const isTooLong = tooLong(text, LONGEST_SUBDOMAIN).length > 0;
  return [
    ...(isTooLong ? [`must be no more than ${LONGEST_SUBDOMAIN} characters`] : []),
    ...subdomainFormErrors(text),
  ];
}

function subdomainFormErrors(text: string): readonly string[] {
  return new RegExp(`^${SUBDOMAIN}$`).test(text) ? [] : [SUBDOMAIN_RULE];
}

/** What is wrong with a DNS-1123 label, as the names of namespaces and containers are. */
export function labelErrors(text: string): readonly string[] {
  return [
    ...tooLong(text, LONGEST_NAME),
    ...(new RegExp(`^${LABEL}$`).test(text) ? [] : [LABEL_RULE]),
  ];
}

function prefixErrors(prefix: string): readonly string[] {
  const errors =
    prefix === ''
      ? ['must be non-empty']
      : [...tooLong(prefix, LONGEST_SUBDOMAIN), ...subdomainFormErrors(prefix)];
  return errors.map((error) => `prefix part ${error}`);
}

function nameErrors(name: string): readonly string[] {
  return [
    ...(name === '' ? ['must be non-empty'] : tooLong(name, LONGEST_NAME)),
    ...(new RegExp(`^${NAME}$`).test(name) ? [] : [NAME_RULE]),
  ].map((error) => `name part ${error}`);
}

function tooLong(text: string, longest: number): readonly string[] {
  return Buffer.byteLength(text) > longest ? [`must be no more than ${longest} bytes`] : [];
}
