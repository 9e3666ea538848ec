//go:build !attack

package enough

// A run makes a quarter of the cases.
const times, part = 1, 4
