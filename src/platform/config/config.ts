import { NotASetting, settings } from './settings.ts';

type Settings = typeof settings;
export type Config = { readonly [K in keyof Settings]: ReturnType<Settings[K]['read']> } & {
  /** Variables that look like ours and are none, each with the name that was probably meant. */
  readonly unknown: readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;

/** The launcher's own variables, which it reads before this program runs. */
const ofLauncher = new Set(['STOCKLESS_NODE', 'STOCKLESS_HOME']);

/**
 * Reads all settings at once. An empty variable counts as not set. Throws one error that names every variable that cannot be
 * used and what to do; values of secrets are never repeated in it.
 */
export function readConfig(env: Environment = process.env): Config {
  const wrong: string[] = [];
  const entries = Object.entries(settings).map(([name, setting]) => {
    const text = env[setting.name]?.trim();
    try {
      return [name, setting.read(text === '' ? undefined : text)];
    } catch (error) {
      if (!(error instanceof NotASetting)) throw error;
      wrong.push(`${setting.name} ${error.message}.`);
      return [name, undefined];
    }
  });
  if (wrong.length > 0)
    throw new Error(`The settings cannot be used:\n  ${wrong.join('\n  ')}\nCorrect them in the environment and start again.`);
  return { ...(Object.fromEntries(entries) as Omit<Config, 'unknown'>), unknown: unknownNames(env) } as Config;
}

function unknownNames(env: Environment): string[] {
  const known = Object.values(settings).map(({ name }) => name as string);
  return Object.keys(env)
    .filter((name) => name.startsWith('STOCKLESS_') && !known.includes(name) && !ofLauncher.has(name))
    .toSorted()
    .map((name) => {
      const near = known
        .filter((other) => distance(name, other) <= 3)
        .toSorted((one, other) => distance(name, one) - distance(name, other))[0];
      return near ? `${name} is no setting. Was ${near} meant?` : `${name} is no setting.`;
    });
}

/** How many letters have to be added, left out or exchanged to make one of the other (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 0; i < one.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j += 1) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (one[i] === other[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** The table of settings as Markdown, for the docs and for `stockless help settings`. */
export function describeSettings(): string {
  const rows = Object.values(settings).map(({ name, about, otherwise }) => `| \`${name}\` | ${about} | ${otherwise} |`);
  return ['| Variable | What it is for | When it is not set |', '|---|---|---|', ...rows, ''].join('\n');
}
