package cli

import "strings"

// joined lets a flag be followed by a negative number: --bias -1 is --bias=-1, and not two flags.
func joined(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(out, args[i:]...)
		}
		if i+1 < len(args) && strings.HasPrefix(arg, "--") && !strings.Contains(arg, "=") && negative(args[i+1]) {
			i++
			arg += "=" + args[i]
		}
		out = append(out, arg)
	}
	return out
}

// negative tells whether a text can be no flag, as it begins with a minus and a digit or a point.
func negative(text string) bool {
	return len(text) > 1 && text[0] == '-' && strings.ContainsRune(".0123456789", rune(text[1]))
}
