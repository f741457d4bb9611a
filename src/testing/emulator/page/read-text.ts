/**
 * The page's files lie beside this module. The build puts their texts in its place
 * (scripts/page-texts.ts), since a package in one file has none beside it.
 */
import { readFileSync } from 'node:fs';

export function readText(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}
