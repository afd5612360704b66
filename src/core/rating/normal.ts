/** The normal distribution, and rates with an interval. */

/** The two-sided 95 % point of the normal distribution, as LMArena's tools write it. */
export const z95 = 1.959964

/** A share of `votes` with its 95 % Wilson interval, all in 0…1. */
export type Rate = { rate: number; lower: number; upper: number }

/**
 * Wilson's score interval (1927) for `hits` among `trials`; half a hit for a draw is fine. Nothing known (0 trials): a
 * half, from 0 to 1.
 */
export function wilson(hits: number, trials: number): Rate {
  if (trials <= 0) return { rate: 0.5, lower: 0, upper: 1 }
  const rate = hits / trials
  const z2 = z95 ** 2
  const middle = (rate + z2 / (2 * trials)) / (1 + z2 / trials)
  const reach = (z95 / (1 + z2 / trials)) * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials ** 2))
  // At 0 and 1 the ends are exact; rounding would put them a hair outside.
  return {
    rate,
    lower: hits <= 0 ? 0 : Math.max(0, middle - reach),
    upper: hits >= trials ? 1 : Math.min(1, middle + reach),
  }
}

/** Φ(x), the chance of a standard normal to be below x, to about 1e-15. */
export function normalBelow(x: number): number {
  if (Number.isNaN(x)) return 0.5
  // From here on 1 − Φ(x) is less than half of what a number next to 1 can tell.
  if (x > 8.3) return 1
  if (x < -38) return 0
  const square = x ** 2
  const density = Math.exp(-square / 2) / Math.sqrt(2 * Math.PI)
  if (Math.abs(x) < 3) {
    // Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …)
    let term = x
    let sum = x
    for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) {
      term *= square / odd
      sum += term
    }
    return 0.5 + density * sum
  }
  // Laplace's continued fraction for the tail, from the inside: 1 − Φ(x) = φ(x) / (x + 1/(x + 2/(x + …)))
  const distance = Math.abs(x)
  let fraction = distance
  for (let depth = 60; depth > 0; depth--) fraction = distance + depth / fraction
  const tail = density / fraction
  return x > 0 ? 1 - tail : tail
}
