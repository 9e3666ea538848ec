//go:build !attack

package enough

const longer = 1
