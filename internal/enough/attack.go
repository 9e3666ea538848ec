//go:build attack

package enough

const longer = 5
