//go:build !attack

package enough

// A run makes half of the cases.
const times, part = 1, 2
