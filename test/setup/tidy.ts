import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The house rules that no other tool sees. Each is a function from one file to what is wrong with it, so that each can be tried. */
export interface Source {
  /** From the top of the repository, with `/`. */
  path: string;
  text: string;
  tree: ts.SourceFile;
}

export interface Finding {
  at: string;
  says: string;
}

export type Rule = (source: Source) => Finding[];

const root = fileURLToPath(new URL('../..', import.meta.url));
const places = ['src', 'world', 'web', 'bench', 'test', 'bin'];
const longestFile = 400;
const longestFunction = 70;

/** Everything of ours that is code. */
export function allSources(): Source[] {
  const isCode = /\.(ts|tsx|mjs)$/;
  const found = places.flatMap((place) => filesIn(place)).filter((path) => isCode.test(path) && !path.endsWith('.gen.ts'));
  return found.map((path) => source(path, readFileSync(join(root, path), 'utf8')));
}

export function source(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true) };
}

function filesIn(folder: string): string[] {
  let entries: import('node:fs').Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return ['node_modules', 'dist'].includes(entry.name) ? [] : filesIn(path);
  });
}

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || path.startsWith('test/');

function findingAt({ path, tree }: Source, node: ts.Node, says: string): Finding {
  return { at: `${path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`, says };
}

/** Every node of the tree, parents before children. */
function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

// --- sizes and names ---

export const shortFiles: Rule = ({ path, text }) => {
  const lines = text.trimEnd().split('\n').length;
  return lines > longestFile
    ? [{ at: path, says: `${lines} lines; a file has ${longestFile} at most, so divide it by what it is about` }]
    : [];
};

export const shortFunctions: Rule = (source) => {
  const findings: Finding[] = [];
  for (const node of nodesOf(source.tree)) {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body || isGroupOfTests(node)) continue;
    const line = (position: number): number => source.tree.getLineAndCharacterOfPosition(position).line;
    const lines = line(node.end) - line(node.getStart(source.tree)) + 1;
    if (lines > longestFunction) findings.push(findingAt(source, node, `a function of ${lines} lines; it has ${longestFunction} at most`));
  }
  return findings;
};

/** What is handed to `describe` is a chapter, not a function. */
function isGroupOfTests(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^describe\b/.test(node.parent.expression.getText());
}

const emptyWords = /^(utils?|helpers?|common|managers?|misc|shared|lib|stuff|base|impl)$/;

export const namedForWhatTheyHold: Rule = (source) => {
  const parts = source.path.replace(/(\.(store|test|gen|d))*\.(ts|tsx|mjs)$/, '').split('/');
  const said = parts.filter((part) => part.split(/[-.]/).some((word) => emptyWords.test(word)));
  const findings = said.map((part) => ({ at: source.path, says: `"${part}" says nothing; name it for what it holds` }));
  const name = parts.at(-1) ?? '';
  // Components and hooks are named as they are written in use.
  const asInUse = source.path.startsWith('web/') && /^(use)?[A-Z][A-Za-z0-9]*$/.test(name);
  if (!asInUse && !/^[.$_a-z0-9-]+$/.test(name)) findings.push({ at: source.path, says: 'file names are kebab-case' });
  for (const node of nodesOf(source.tree)) {
    if (ts.isClassDeclaration(node) && /(Service|Manager|Helper|Util|Utils|Base|Impl)$/.test(node.name?.text ?? '')) {
      findings.push(findingAt(source, node, `class ${node.name?.text}: functions and plain values instead`));
    }
  }
  return findings;
};

// --- time, chance and surroundings are given ---

interface Ban {
  what: string;
  instead: string;
  is: (node: ts.Node) => boolean;
  /** Besides tests, `bin` and `bench`, which live in the real world. */
  allowedIn: RegExp;
}

/** Places that know the real clock, dice and surroundings. Starting a server process is one of them; a browser has no other clock. */
const real = ['src/platform/time/', 'src/platform/config/', 'src/app/', 'src/platform/db/embedded', 'web/'];
const allowed = (...places: string[]): RegExp => new RegExp(`^(${[...real, ...places].join('|')})`);
const member = (object: string, name: string) => (node: ts.Node) =>
  ts.isPropertyAccessExpression(node) &&
  node.name.text === name &&
  /^(globalThis\.)?\w+$/.test(node.expression.getText()) &&
  node.expression.getText().endsWith(object);
const called =
  (...names: string[]) =>
  (node: ts.Node) =>
    ts.isCallExpression(node) && ts.isIdentifier(node.expression) && names.includes(node.expression.text);
const imported = (from: RegExp, names: string[]) => (node: ts.Node) => {
  if (!ts.isImportSpecifier(node)) return false;
  const { moduleSpecifier } = node.parent.parent.parent;
  return from.test(moduleSpecifier.getText().slice(1, -1)) && names.includes((node.propertyName ?? node.name).text);
};

const timers = ['setTimeout', 'setInterval', 'setImmediate'];
const dice = ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues', 'webcrypto'];

const bans: Ban[] = [
  { what: 'Date.now', instead: 'tx.now or a Clock', is: member('Date', 'now'), allowedIn: allowed() },
  {
    what: 'new Date()',
    instead: 'tx.now or a Clock',
    is: (node) => ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length,
    allowedIn: allowed(),
  },
  { what: 'Temporal.Now', instead: 'tx.now or a Clock', is: member('Temporal', 'Now'), allowedIn: allowed() },
  { what: 'Math.random', instead: 'a Chance', is: member('Math', 'random'), allowedIn: allowed() },
  {
    what: 'the system’s dice',
    instead: 'a Chance, or tx.newId() for ids',
    is: (node) =>
      imported(/^(node:)?crypto$/, dice)(node) || member('crypto', 'randomUUID')(node) || member('crypto', 'getRandomValues')(node),
    allowedIn: allowed('src/platform/secrets/'),
  },
  {
    what: 'a timer',
    instead: 'the Sleep of #platform/time, or a due instant in a row',
    is: (node) => called(...timers)(node) || imported(/^(node:)?timers/, timers)(node),
    allowedIn: allowed(),
  },
  { what: 'process.env', instead: '#platform/config', is: member('process', 'env'), allowedIn: allowed() },
];

export const takesNothingFromThinAir: Rule = (source) => {
  if (isTest(source.path) || /^(bin|bench)\//.test(source.path)) return [];
  const banned = bans.filter(({ allowedIn }) => !allowedIn.test(source.path));
  const findings: Finding[] = [];
  for (const node of nodesOf(source.tree)) {
    for (const ban of banned) if (ban.is(node)) findings.push(findingAt(source, node, `${ban.what} is banned here, use ${ban.instead}`));
  }
  return findings;
};

// --- SQL ---

/** Strings that the program could send to the server: tagged `sql`, or opening with a verb of SQL. */
function* statementsOf(source: Source): Generator<ts.Node> {
  for (const node of nodesOf(source.tree)) {
    if (ts.isTaggedTemplateExpression(node)) {
      if (/^sql\b/.test(node.tag.getText())) yield node.template;
    } else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) {
      if (
        /^.\s*(select|insert into|update|delete from|merge into|with|create|alter|truncate|copy)\s/i.test(node.getText()) &&
        !ts.isTaggedTemplateExpression(node.parent)
      ) {
        yield node;
      }
    }
  }
}

/** The time of a migration is the server's own: there is no clock yet that could give it. */
const beforeAnyClock = 'src/platform/db/migrate.ts';
const madeBySql =
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|gen_random_uuid|uuid_generate_v\d|uuidv7|uuidv4|random)\s*\(|\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b/i;

export const sqlTakesTheTimeItIsGiven: Rule = (source) => {
  if (isTest(source.path) || source.path === beforeAnyClock) return [];
  return [...statementsOf(source)].flatMap((node) => {
    const found = madeBySql.exec(node.getText());
    return found ? [findingAt(source, node, `SQL calls ${found[0].trim()}; give it tx.now or tx.newId()`)] : [];
  });
};

/** The same for what the database would do by itself: a default or a trigger that reads the clock. */
export function sqlFileTakesTheTimeItIsGiven(path: string, text: string): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const found = madeBySql.exec(line.replace(/--.*$/, ''));
    return found
      ? [
          {
            at: `${path}:${index + 1}`,
            says: `${found[0].trim()} makes a time, an id or chance inside the database; the program gives them`,
          },
        ]
      : [];
  });
}

/** Every base table that the migrations make, as `schema.table`. */
export function tablesOf(migrations: string): Set<string> {
  const made = migrations.matchAll(/create (?:unlogged )?table (?:if not exists )?([a-z_]+)\.("?)([a-z_]+)\2/gi);
  return new Set([...made].map(([, schema, , table]) => `${schema}.${table}`));
}

export function allMigrations(): { path: string; text: string }[] {
  return filesIn('db/migrations')
    .filter((path) => path.endsWith('.sql'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Whose tables a file may name: a module its own, the platform its own, everybody else none. Views (`v_…`) are for all. */
const ownSchema = (path: string): string | undefined =>
  /^src\/modules\/([a-z]+)\//.exec(path)?.[1] ?? (path.startsWith('src/platform/') ? 'platform' : undefined);

export const namesItsOwnTables =
  (tables: ReadonlySet<string>): Rule =>
  (source) => {
    if (isTest(source.path) || /^(bin|bench|web)\//.test(source.path)) return [];
    const own = ownSchema(source.path);
    const findings: Finding[] = [];
    for (const node of nodesOf(source.tree)) {
      if (!(ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node))) continue;
      for (const [, schema = '', , table = ''] of node.text.matchAll(/\b([a-z_]+)\.("?)([a-z_]+)\2/g)) {
        if (schema === own || !tables.has(`${schema}.${table}`)) continue;
        findings.push(
          findingAt(source, node, `${schema}.${table} is a table of ${schema}; ask for a verb there, or join a view of it (${schema}.v_…)`),
        );
      }
    }
    return findings;
  };

const loops = new Set([
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.DoStatement,
]);
const sends = /^(execute|executeTakeFirst|executeTakeFirstOrThrow)$/;

export const noStatementInALoop: Rule = (source) => {
  if (!/\/store[^/]*\.ts$/.test(source.path) || isTest(source.path)) return [];
  const findings: Finding[] = [];
  for (const node of nodesOf(source.tree)) {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || !sends.test(node.expression.name.text)) continue;
    for (let above: ts.Node = node.parent; above; above = above.parent) {
      if (loops.has(above.kind)) findings.push(findingAt(source, node, 'a statement in a loop; give it the whole set'));
      if (loops.has(above.kind) || ts.isFunctionDeclaration(above)) break;
    }
  }
  return findings;
};

// --- walls ---

/** The folder that is entered by its index.ts only, or the layer for those that are one folder. */
function roomOf(path: string): string {
  const [top = '', layer = '', group = '', name = ''] = path.split('/');
  if (top !== 'src') return top;
  if (layer === 'connectors') return [top, layer, group, name].join('/');
  return ['platform', 'modules', 'formats', 'surfaces'].includes(layer) ? [top, layer, group].join('/') : [top, layer].join('/');
}

export const comesInByTheDoor: Rule = (source) => {
  const room = roomOf(source.path);
  const findings: Finding[] = [];
  for (const node of nodesOf(source.tree)) {
    const named = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined;
    if (!named || !ts.isStringLiteral(named)) continue;
    if (/^#(modules|platform|formats|surfaces)\/[^/]+\/|\.ts$/.test(named.text) && named.text.startsWith('#')) {
      findings.push(findingAt(source, node, `${named.text} goes past an index.ts; ask for a verb there`));
    }
    if (!named.text.startsWith('.')) continue;
    const target = normalize(join(dirname(source.path), named.text)).replaceAll('\\', '/');
    const isTestsOwn = isTest(source.path) && (target.startsWith('test/') || target.startsWith('world/'));
    if (roomOf(target) !== room && !isTestsOwn)
      findings.push(findingAt(source, node, `${named.text} leaves ${room} by the window; use the imports map (#…)`));
  }
  return findings;
};
