export function findWrongImports(root: string): string[];
