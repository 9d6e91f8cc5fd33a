/** Whether a name fits a pattern in which `*` is any letters and `?` is one; case does not matter. Never slower than the two lengths multiplied. */
export function fitsPattern(pattern: string, name: string): boolean {
  const wanted = [...pattern.toLowerCase()];
  const letters = [...name.toLowerCase()];
  let [at, place] = [0, 0];
  let star = -1;
  let from = 0;
  while (place < letters.length) {
    if (wanted[at] === '*') {
      star = at;
      at += 1;
      from = place;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === letters[place])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      at = star + 1;
      from += 1;
      place = from;
    } else return false;
  }
  while (wanted[at] === '*') at += 1;
  return at === wanted.length;
}
