import { expect, test } from 'bun:test';
import { goJson, goSyntax, goType, goValue } from '../../src/kubelet/go-value.ts';

const VALUE = { b: [1, null, 'x"'], a: { c: true, d: 1e20 } };

test('values are printed as %v, %#v, %T and JSON of Go', () => {
  expect(goValue(VALUE)).toBe('map[a:map[c:true d:1e+20] b:[1 <nil> x"]]');
  expect(goSyntax(VALUE)).toBe(
    'map[string]interface {}{"a":map[string]interface {}{"c":true, "d":1e+20}, ' +
      '"b":[]interface {}{1, interface {}(nil), "x\\""}}',
  );
  expect(goJson({ b: '<&>', a: [1, null] })).toBe('{"a":[1,null],"b":"\\u003c\\u0026\\u003e"}');
  expect([null, [], {}, 1, 1.5, 1e20, true, ''].map(goType)).toEqual([
    '<nil>',
    '[]interface {}',
    'map[string]interface {}',
    'int64',
    'float64',
    'float64',
    'bool',
    'string',
  ]);
});
