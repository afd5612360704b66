/** Dense linear algebra for symmetric matrices of a few dozen rows. */

/** A square matrix, row by row; what lies outside reads as 0. */
export class Matrix {
  readonly size: number
  readonly values: Float64Array

  constructor(size: number) {
    this.size = size
    this.values = new Float64Array(size * size)
  }

  at(row: number, column: number): number {
    return this.values[row * this.size + column] ?? 0
  }

  set(row: number, column: number, value: number): void {
    this.values[row * this.size + column] = value
  }

  add(row: number, column: number, value: number): void {
    const index = row * this.size + column
    this.values[index] = (this.values[index] ?? 0) + value
  }

  copy(): Matrix {
    const twin = new Matrix(this.size)
    twin.values.set(this.values)
    return twin
  }

  times(other: Matrix): Matrix {
    const product = new Matrix(this.size)
    for (let row = 0; row < this.size; row++) {
      for (let inner = 0; inner < this.size; inner++) {
        const factor = this.at(row, inner)
        if (factor === 0) continue
        for (let column = 0; column < this.size; column++) product.add(row, column, factor * other.at(inner, column))
      }
    }
    return product
  }
}

/** The lower triangle L with L·Lᵀ = `matrix`; null when the matrix is not positive definite. */
export function cholesky(matrix: Matrix): Matrix | null {
  const { size } = matrix
  const lower = new Matrix(size)
  const { values } = lower
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const [left, right] = [row * size, column * size]
      let rest = matrix.at(row, column)
      for (let inner = 0; inner < column; inner++) rest -= (values[left + inner] ?? 0) * (values[right + inner] ?? 0)
      if (row !== column) values[left + column] = rest / (values[right + column] ?? 0)
      else if (rest > 0) values[left + row] = Math.sqrt(rest)
      else return null
    }
  }
  return lower
}

/** x with L·Lᵀ·x = `right`. */
export function solve(lower: Matrix, right: Float64Array): Float64Array {
  const { size } = lower
  const x = Float64Array.from(right)
  for (let row = 0; row < size; row++) {
    let rest = x[row] ?? 0
    for (let inner = 0; inner < row; inner++) rest -= lower.at(row, inner) * (x[inner] ?? 0)
    x[row] = rest / lower.at(row, row)
  }
  for (let row = size - 1; row >= 0; row--) {
    let rest = x[row] ?? 0
    for (let inner = row + 1; inner < size; inner++) rest -= lower.at(inner, row) * (x[inner] ?? 0)
    x[row] = rest / lower.at(row, row)
  }
  return x
}

/** (L·Lᵀ)⁻¹ */
export function inverse(lower: Matrix): Matrix {
  const { size } = lower
  const result = new Matrix(size)
  const unit = new Float64Array(size)
  for (let column = 0; column < size; column++) {
    unit.fill(0)
    unit[column] = 1
    solve(lower, unit).forEach((value, row) => {
      result.set(row, column, value)
    })
  }
  return result
}
