interface Props {
  values: readonly (number | null)[];
  /** What a screen reader says instead of the line. */
  label: string;
}

/** Twenty-eight days in a thumb's width: a line with gaps where nothing was measured, the last point marked. */
export function Sparkline({ values, label }: Props) {
  const known = values.filter((value) => value !== null);
  if (known.length < 5) return <span className="spark-none dim">too few days to draw</span>;
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const width = 120;
  const height = 28;
  const x = (index: number): number => 2 + (index / Math.max(1, values.length - 1)) * (width - 6);
  const y = (value: number): number => height - 4 - ((value - low) / span) * (height - 8);
  let pen = false;
  let path = '';
  for (const [index, value] of values.entries()) {
    if (value !== null) path += `${pen ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = value !== null;
  }
  const lastIndex = values.findLastIndex((value) => value !== null);
  const last = values[lastIndex] ?? low;
  return (
    <svg className="spark" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
      <path d={path} />
      <circle cx={x(lastIndex)} cy={y(last)} r="2.25" />
    </svg>
  );
}
