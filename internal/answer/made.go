package answer

import "runtime/debug"

// Schema names the keys of the JSON form of solve and their meaning; its number changes where one changes its meaning or goes.
const Schema = "contrastcheck-solve/2"

// Made says what wrote a solution, and what a table calls its numbers.
type Made struct {
	Schema  string `json:"schema"`
	Version string `json:"version"`
	// Classes are names of components, Features of each modality's coordinates; without a table there are none.
	Classes  []string       `json:"classes,omitempty"`
	Features Each[[]string] `json:"features,omitempty"`
}

// NewMade says that this program wrote it, with the names of a table, or nil.
func NewMade(classes []string, features Each[[]string]) Made {
	return Made{Schema, Version(), classes, features}
}

// unversioned is the version of a build that does not say.
const unversioned = "unversioned"

// Version is what the build recorded as the program's version; "unversioned" where it did not.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return unversioned
}
