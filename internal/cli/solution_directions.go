package cli

import (
	"github.com/jedib0t/go-pretty/v6/table"
)

// directionsRow is the row of the verdicts of one modality; empty where equality is not judged, or there is no direction.
func (s solution) directionsRow() table.Row {
	if len(s.Directions) != 1 || s.FisherDimension[0] == 0 {
		return nil
	}
	return table.Row{"Directions", "of " + s.Of.Subspace(), "", s.Directions[0].String()}
}
