import {
  DIRECTORY,
  DROPIN,
  FILE,
  HTTP_HEADER,
  IGNITION_CONFIG,
  IGNITION_ROOT,
  type IgnitionRoot,
  LINK,
  NODE_GROUP,
  NODE_USER,
  PROXY,
  RESOURCE,
  STORAGE,
  SYSTEMD,
  TLS,
  UNIT,
  VERIFICATION,
} from './config.ts';
import { parseGoUrl } from './go-url.ts';
import {
  checkLinks,
  checkNode,
  checkOwner,
  modeProblem,
  specialBitsWarning,
} from './node-rules.ts';
import type { Report } from './report.ts';
import { checkResource, checkVerification, requiredSourceProblem } from './resource-rules.ts';
import type { Path } from './source-node.ts';
import { checkDropin, checkInstances, checkUnit, checkUnitPaths } from './unit-rules.ts';
import { Rules, walk } from './walk.ts';

/** Checks a resolved config by the rules of Ignition's own specification (coreos/ignition, config/v3_*). */
export function checkIgnition(root: IgnitionRoot, base: number, report: Report): void {
  const rules = ignitionRules(base, report);
  walk(IGNITION_ROOT, root, [], rules.visit);
}

function ignitionRules(base: number, report: Report): Rules {
  const required = (resources: IgnitionRoot['ignition']['config']['merge'], path: Path) => {
    for (const [index, resource] of (resources ?? []).entries()) {
      report.error([...path, index], requiredSourceProblem(resource, base));
    }
  };
  return new Rules()
    .on(IGNITION_ROOT, (root) => checkUnitPaths(root, report))
    .on(IGNITION_CONFIG, ({ merge }, path) => required(merge, [...path, 'merge']))
    .on(TLS, ({ certificate_authorities }, path) => {
      required(certificate_authorities, [...path, 'certificate_authorities']);
    })
    .on(PROXY, ({ http_proxy, https_proxy }, path) => {
      checkProxy(http_proxy, [...path, 'http_proxy'], report);
      checkProxy(https_proxy, [...path, 'https_proxy'], report, true);
    })
    .on(RESOURCE, (resource, path) => checkResource(resource, path, base, report))
    .on(VERIFICATION, ({ hash }, path) => checkVerification(hash, path, report))
    .on(HTTP_HEADER, ({ name, value }, path) => {
      if (name === '') report.error([...path, 'name'], "HTTP header name can't be empty");
      if (value === '') report.error([...path, 'value'], 'unable to parse HTTP header');
    })
    .on(STORAGE, (storage, path) => checkLinks(storage, path, base, report))
    .on(NODE_USER, (user, path) => checkOwner(user, path, report))
    .on(NODE_GROUP, (group, path) => checkOwner(group, path, report))
    .on(LINK, ({ path: place }, path) => checkNode(place, path, report))
    .on(DIRECTORY, ({ path: place, mode }, path) => {
      checkNode(place, path, report);
      report.error([...path, 'mode'], modeProblem(mode));
      report.warn([...path, 'mode'], specialBitsWarning(mode, base));
    })
    .on(FILE, ({ path: place, mode, overwrite, contents }, path) => {
      checkNode(place, path, report);
      report.error([...path, 'mode'], modeProblem(mode));
      report.warn([...path, 'mode'], specialBitsWarning(mode, base));
      if (overwrite === true && contents.source === undefined) {
        const message = 'overwrite must be false if source is unspecified';
        report.error([...path, 'overwrite'], message);
      }
    })
    .on(SYSTEMD, ({ units }, path) => checkInstances(units ?? [], [...path, 'units'], report))
    .on(UNIT, (unit, path) => checkUnit(unit, path, report))
    .on(DROPIN, (dropin, path) => checkDropin(dropin, path, report));
}

function checkProxy(url: string | undefined, path: Path, report: Report, isForHttps = false): void {
  if (url === undefined) return;
  const scheme = parseGoUrl(url)?.scheme;
  if (scheme === undefined) {
    report.error(path, 'unable to parse url');
  } else if (scheme !== 'http' && scheme !== 'https') {
    report.error(path, 'proxies must be http(s)');
  } else if (scheme === 'http' && isForHttps) {
    report.warn(path, 'insecure plaintext HTTP proxy specified for HTTPS resources');
  }
}
