//go:build attack

package enough

const times, part = 5, 1
