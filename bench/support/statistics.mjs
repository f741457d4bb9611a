export function median(values) {
  return percentile(values, 0.5);
}

/** The smallest value that this share of the values does not exceed; between two for a median. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

/** A different order every round, so that nobody always follows the same one, nor comes late. */
export function rotated(list, round) {
  const start = round % list.length;
  const order = [...list.slice(start), ...list.slice(0, start)];
  return round % 2 === 0 ? order : order.reverse();
}
