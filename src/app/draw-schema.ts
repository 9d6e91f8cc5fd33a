import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { schemaText } from '#platform/db';
import { ownDatabase } from './world.ts';

const file = fileURLToPath(new URL('../../db/schema.sql', import.meta.url));

/** Writes down what all migrations together make; true when it differs from what stood there. */
export async function drawSchema(): Promise<boolean> {
  const { url, drop } = await ownDatabase();
  try {
    const now = await schemaOf(url);
    const isNew = now !== drawnSchema();
    if (isNew) writeFileSync(file, now);
    return isNew;
  } finally {
    await drop();
  }
}

export async function schemaOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return await schemaText(client).finally(() => client.end());
}

/** As it stands in the repository; '' when nobody has drawn it yet. */
export function drawnSchema(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
