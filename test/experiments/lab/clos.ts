// A folded Clos network as a containerlab file: 10 spines with a core and 256 MB, 90 leaves with a quarter and 64 MB.

export function clos(): string {
  const spines = Array.from({ length: 10 }, (_, i) => `    spine${i + 1}: { cpu: 1, memory: 256mb }`);
  const leaves = Array.from({ length: 90 }, (_, i) => `    leaf${i + 1}:`);
  const links = Array.from({ length: 90 }, (_, i) =>
    [0, 1].map((k) => `    - endpoints: ["spine${((i + k) % 10) + 1}:eth${i}${k}", "leaf${i + 1}:eth${k}"]`),
  ).flat();
  const head = [
    'name: clos',
    'topology:',
    '  defaults: { kind: linux }',
    '  kinds:',
    '    linux: { cpu: 0.25, memory: 64Mb }',
  ];
  return [...head, '  nodes:', ...spines, ...leaves, '  links:', ...links, ''].join('\n');
}
