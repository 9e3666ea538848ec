package reports

import (
	"runtime"
	"runtime/debug"
	"slices"

	"contrastcheck/internal/answer"
)

// Program is what made a report.
type Program struct {
	Version      string       `json:"version"` // "unversioned" where the build does not say
	Go           string       `json:"go"`
	Platform     string       `json:"platform"` // operating system and architecture
	Dependencies []Dependency `json:"dependencies"`
}

// Dependency is a library on whose numbers a report rests.
type Dependency struct {
	Path    string `json:"path"`
	Version string `json:"version"`
}

// numerical are the libraries that compute or draw numbers.
var numerical = []string{"gonum.org/v1/gonum", "gonum.org/v1/plot", "pgregory.net/rapid"}

// thisProgram reads what the build recorded of itself.
func thisProgram() Program {
	p := Program{Version: answer.Version(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Dependencies: []Dependency{}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return p
	}
	for _, d := range info.Deps {
		if slices.Contains(numerical, d.Path) {
			p.Dependencies = append(p.Dependencies, Dependency{d.Path, d.Version})
		}
	}
	return p
}
