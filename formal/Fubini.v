(* Integrals over the line under affine maps, and Fubini's theorem on a rectangle and on the plane. *)
From Coq Require Import Reals Lra Lia Psatz.
From Coquelicot Require Import Coquelicot.
From Contrast Require Import Plane Moderate Gaussian Line Improper.
Open Scope R_scope.

(* What an integral over the line says of long intervals. *)
Lemma near_line (f : R -> R) (I eps : R) : line f I -> 0 < eps -> exists c, 0 < c /\ forall a b, a <= - c -> c <= b ->
  exists y, is_RInt f a b y /\ Rabs (y - I) < eps.
Proof.
  intros H He. destruct (H (fun y => Rabs (y - I) < eps)) as [Q S HQ HS HQS].
  { exists (mkposreal eps He). intros y Hy. exact Hy. }
  destruct HQ as [qa Hqa]. destruct HS as [qb Hqb].
  exists (Rabs qa + Rabs qb + 1). pose proof (Rabs_pos qa). pose proof (Rabs_pos qb).
  split; [lra|]. intros a b Ha Hb. apply HQS.
  - apply Hqa. pose proof (Rle_abs (- qa)). rewrite Rabs_Ropp in *. lra.
  - apply Hqb. pose proof (Rle_abs qb). lra.
Qed.

Lemma affine_line (f : R -> R) (I p q : R) : line f I -> p <> 0 -> line (fun t => f (p * t + q)) (I / Rabs p).
Proof.
  intros H Hp P [eps HP].
  assert (Pp : 0 < Rabs p) by (apply Rabs_pos_lt; exact Hp).
  destruct (near_line f I (eps * Rabs p) H) as (c & Hc & N). { apply Rmult_lt_0_compat; [apply cond_pos|exact Pp]. }
  pose proof (Rle_abs q) as Q1. pose proof (Rle_abs (- q)) as Q2. rewrite Rabs_Ropp in Q2.
  set (c' := (c + Rabs q) / Rabs p).
  assert (E : Rabs p * c' = c + Rabs q) by (unfold c'; field; lra).
  apply (Filter_prod _ _ _ (fun a => a < - c') (fun b => c' < b)); [exists (- c'); auto|exists c'; auto|].
  intros a b Ha Hb. simpl.
  assert (Z : forall y, is_RInt f (p * a + q) (p * b + q) y -> Rabs (y * / p - I / Rabs p) < eps ->
    exists z, is_RInt (fun t => f (p * t + q)) a b z /\ P z).
  { intros y Iy Hy. exists (y * / p). split; [|apply HP; exact Hy].
    pose proof (is_RInt_comp_lin (V := R_NormedModule) f p q a b y Iy) as J.
    pose proof (is_RInt_scal (V := R_NormedModule) _ a b (/ p) _ J) as K.
    replace (y * / p) with (scal (/ p) y) by (unfold scal; simpl; unfold mult; simpl; ring).
    refine (is_RInt_ext _ _ _ _ _ _ K). intros t _. unfold scal; simpl. unfold mult; simpl. field. exact Hp. }
  assert (W : forall x, Rabs (x - I) < eps * Rabs p -> Rabs ((x - I) / Rabs p) < eps).
  { intros x Hx. unfold Rdiv. rewrite Rabs_mult, Rabs_inv, Rabs_Rabsolu.
    apply (Rmult_lt_reg_r (Rabs p)); [exact Pp|]. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  destruct (Rlt_dec 0 p) as [Pos|Neg].
  - rewrite (Rabs_right p) in * by lra.
    destruct (N (p * a + q) (p * b + q)) as (y & Iy & Hy); [nra|nra|].
    apply (Z y Iy). replace (y * / p - I / p) with ((y - I) / p) by (field; lra). apply W, Hy.
  - assert (Neg' : p < 0) by lra. rewrite (Rabs_left p) in * by lra.
    destruct (N (p * b + q) (p * a + q)) as (y & Iy & Hy); [nra|nra|].
    apply (Z (- y)).
    + apply (is_RInt_swap (V := R_NormedModule)). exact Iy.
    + replace (- y * / p - I / - p) with ((y - I) / - p) by (field; lra). apply W, Hy.
Qed.

Lemma line_scal (f : R -> R) (I k : R) : line f I -> line (fun t => k * f t) (k * I).
Proof. intros H. exact (is_RInt_gen_scal f k I H). Qed.

Lemma line_ext (f g : R -> R) (I : R) : (forall t, f t = g t) -> line f I -> line g I.
Proof. intros H. apply is_RInt_gen_ext. apply filter_forall. intros ab t _. apply H. Qed.

Lemma cut_exp (f : R -> R) (D I c : R) : (forall t, continuous f t) -> 0 <= D -> (forall t, Rabs (f t) <= D * exp (- Rabs t)) -> line f I -> 0 <= c ->
  Rabs (RInt f (- c) c - I) <= 2 * (D * exp (- c)).
Proof.
  intros Cf HD B H Hc. apply le_epsilon. intros eps Heps.
  destruct (near_line f I eps H Heps) as (m & Hm & N).
  destruct (N (- (m + c)) (m + c)) as (y & Iy & Hy); [lra|lra|].
  apply (is_RInt_unique (V := R_CompleteNormedModule)) in Iy.
  pose proof (rest f D (- (m + c)) (m + c) c Cf HD B Hc ltac:(lra) ltac:(lra)) as R0. rewrite Iy in R0.
  replace (RInt f (- c) c - I) with (- (y - RInt f (- c) c) + (y - I)) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. lra.
Qed.

(* Fubini's theorem on a rectangle. *)
Section rectangle.
Variable F : point -> R.
Hypothesis HF : moderate F.

Lemma moderate_2d x y : exists K, 0 < K /\ forall u v, Rabs (u - x) < 1 -> Rabs (v - y) < 1 ->
  forall u' v', Rabs (u' - x) < 1 -> Rabs (v' - y) < 1 -> Rabs (F (u, v) - F (u', v')) <= K * (Rabs (u - u') + Rabs (v - v')).
Proof.
  destruct HF as (C & a & HC & Ha & H). exists (C * exp (a * (2 * (Rabs x + Rabs y + 2))) + 1).
  pose proof (exp_pos (a * (2 * (Rabs x + Rabs y + 2)))). split; [nra|].
  intros u v Hu Hv u' v' Hu' Hv'. eapply Rle_trans; [apply H|]. unfold size, minus; simpl.
  assert (T : forall s t, Rabs (s - t) < 1 -> Rabs s <= Rabs t + 1).
  { intros s t Hst. replace s with (t + (s - t)) by ring. pose proof (Rabs_triang t (s - t)). lra. }
  pose proof (T u x Hu). pose proof (T v y Hv). pose proof (T u' x Hu'). pose proof (T v' y Hv').
  pose proof (Rabs_pos (u - u')). pose proof (Rabs_pos (v - v')).
  apply Rmult_le_compat_r; [lra|].
  apply Rle_trans with (C * exp (a * (2 * (Rabs x + Rabs y + 2)))); [|lra].
  apply Rmult_le_compat_l; [exact HC|]. apply exp_le. apply Rmult_le_compat_l; lra.
Qed.

Lemma continuous_2d x y : continuity_2d_pt (fun u v => F (u, v)) x y.
Proof.
  intros eps. destruct (moderate_2d x y) as (K & HK & L).
  assert (Pd : 0 < Rmin 1 (eps / (2 * K))). { apply Rmin_pos; [lra|]. apply Rdiv_lt_0_compat; [apply cond_pos|lra]. }
  exists (mkposreal _ Pd). simpl. intros u v Hu Hv.
  assert (U1 : Rabs (u - x) < 1) by (eapply Rlt_le_trans; [exact Hu|apply Rmin_l]).
  assert (V1 : Rabs (v - y) < 1) by (eapply Rlt_le_trans; [exact Hv|apply Rmin_l]).
  assert (U2 : Rabs (u - x) < eps / (2 * K)) by (eapply Rlt_le_trans; [exact Hu|apply Rmin_r]).
  assert (V2 : Rabs (v - y) < eps / (2 * K)) by (eapply Rlt_le_trans; [exact Hv|apply Rmin_r]).
  assert (O : forall t, Rabs (t - t) < 1) by (intros t; replace (t - t) with 0 by ring; rewrite Rabs_R0; lra).
  eapply Rle_lt_trans; [apply (L u v U1 V1 x y (O x) (O y))|].
  replace (pos eps) with (K * (eps / (2 * K) + eps / (2 * K))) by (field; lra).
  apply Rmult_lt_compat_l; lra.
Qed.

Lemma continuous_first y x : continuous (fun u => F (u, y)) x.
Proof.
  apply continuity_pt_filterlim. intros eps Heps. destruct (continuous_2d x y (mkposreal eps Heps)) as [d Hd].
  exists d. split; [apply cond_pos|]. intros u [_ Hu]. apply (Hd u y); [exact Hu|]. replace (y - y) with 0 by ring. rewrite Rabs_R0. apply cond_pos.
Qed.

Lemma continuous_second x y : continuous (fun v => F (x, v)) y.
Proof.
  apply continuity_pt_filterlim. intros eps Heps. destruct (continuous_2d x y (mkposreal eps Heps)) as [d Hd].
  exists d. split; [apply cond_pos|]. intros v [_ Hv]. apply (Hd x v); [|exact Hv]. replace (x - x) with 0 by ring. rewrite Rabs_R0. apply cond_pos.
Qed.

Lemma integrable_first y a b : ex_RInt (fun u => F (u, y)) a b.
Proof. apply (ex_RInt_continuous (V := R_CompleteNormedModule)). intros; apply continuous_first. Qed.

Lemma integrable_second x c d : ex_RInt (fun v => F (x, v)) c d.
Proof. apply (ex_RInt_continuous (V := R_CompleteNormedModule)). intros; apply continuous_second. Qed.
End rectangle.

(* Continuity of an integral in what is left. *)
Lemma continuous_integral F c d x : moderate F -> c <= d -> continuous (fun u => RInt (fun v => F (u, v)) c d) x.
Proof.
  intros HF Hcd. destruct HF as (C & a & HC & Ha & H).
  assert (HF : moderate F) by (exists C, a; auto).
  set (m := Rmax (Rabs c) (Rabs d)).
  set (K := C * exp (a * (2 * (Rabs x + 1 + m))) + 1).
  assert (PK : 0 < K). { unfold K. pose proof (exp_pos (a * (2 * (Rabs x + 1 + m)))). nra. }
  set (w := (d - c) * K + 1). assert (Pw : 0 < w) by (unfold w; nra).
  apply continuity_pt_filterlim. intros eps Heps.
  exists (Rmin 1 (eps / w)). split. { apply Rmin_pos; [lra|]. apply Rdiv_lt_0_compat; lra. }
  intros u [_ Hu]. simpl in *. unfold R_dist in *.
  assert (U1 : Rabs (u - x) < 1) by (eapply Rlt_le_trans; [exact Hu|apply Rmin_l]).
  assert (U2 : Rabs (u - x) < eps / w) by (eapply Rlt_le_trans; [exact Hu|apply Rmin_r]).
  assert (Us : Rabs u <= Rabs x + 1). { replace u with (x + (u - x)) by ring. pose proof (Rabs_triang x (u - x)). lra. }
  assert (E : RInt (fun v => F (u, v)) c d - RInt (fun v => F (x, v)) c d = RInt (fun v => F (u, v) - F (x, v)) c d).
  { symmetry. apply (RInt_minus (V := R_CompleteNormedModule) (fun v => F (u, v)) (fun v => F (x, v))); apply integrable_second; exact HF. }
  rewrite E.
  assert (B : Rabs (RInt (fun v => F (u, v) - F (x, v)) c d) <= (d - c) * (K * Rabs (u - x))).
  { apply abs_RInt_le_const; [exact Hcd| |].
    - apply (ex_RInt_minus (V := R_NormedModule) (fun v => F (u, v)) (fun v => F (x, v))); apply integrable_second; exact HF.
    - intros v Hv. eapply Rle_trans; [apply H|]. unfold size, minus; simpl. replace (v - v) with 0 by ring. rewrite Rabs_R0, Rplus_0_r.
      assert (Vm : Rabs v <= m).
      { unfold m. destruct (Rle_dec 0 v) as [P|P].
        - rewrite (Rabs_right v) by lra. eapply Rle_trans; [|apply Rmax_r]. rewrite Rabs_right; lra.
        - rewrite (Rabs_left v) by lra. eapply Rle_trans; [|apply Rmax_l]. pose proof (Rle_abs (- c)). rewrite Rabs_Ropp in *. lra. }
      apply Rmult_le_compat_r; [apply Rabs_pos|]. unfold K.
      apply Rle_trans with (C * exp (a * (2 * (Rabs x + 1 + m)))); [|lra].
      apply Rmult_le_compat_l; [exact HC|]. apply exp_le. apply Rmult_le_compat_l; [exact Ha|]. lra. }
  eapply Rle_lt_trans; [exact B|]. apply Rle_lt_trans with (w * Rabs (u - x)).
  - rewrite <- Rmult_assoc. apply Rmult_le_compat_r; [apply Rabs_pos|]. unfold w. lra.
  - replace eps with (w * (eps / w)) by (field; lra). apply Rmult_lt_compat_l; lra.
Qed.

Lemma swap F : moderate F -> moderate (fun z => F (snd z, fst z)).
Proof.
  intros (C & a & HC & Ha & H). exists C, a. repeat split; try assumption. intros x y. eapply Rle_trans; [apply H|].
  unfold size, minus; simpl. right. f_equal; [f_equal; f_equal; f_equal|]; ring.
Qed.

Theorem fubini F a b c d : moderate F -> a < b -> c < d ->
  RInt (fun u => RInt (fun v => F (u, v)) c d) a b = RInt (fun v => RInt (fun u => F (u, v)) a b) c d.
Proof.
  intros HF Hab Hcd.
  set (phi := fun x => RInt (fun u => RInt (fun v => F (u, v)) c d) a x).
  set (psi := fun x => RInt (fun v => RInt (fun u => F (u, v)) a x) c d).
  assert (Cs : forall x, continuous (fun u => RInt (fun v => F (u, v)) c d) x) by (intros; apply continuous_integral; [exact HF|lra]).
  assert (D1 : forall x, is_derive phi x (RInt (fun v => F (x, v)) c d)).
  { intros x. apply (is_derive_RInt (V := R_NormedModule) (fun u => RInt (fun v => F (u, v)) c d) phi a x); [|apply Cs].
    apply filter_forall. intros y. apply (RInt_correct (V := R_CompleteNormedModule)).
    apply (ex_RInt_continuous (V := R_CompleteNormedModule)). intros; apply Cs. }
  assert (D0 : forall v x, is_derive (fun x => RInt (fun u => F (u, v)) a x) x (F (x, v))).
  { intros v x. apply (is_derive_RInt (V := R_NormedModule) (fun u => F (u, v)) (fun x => RInt (fun u => F (u, v)) a x) a x).
    - apply filter_forall. intros y. apply (RInt_correct (V := R_CompleteNormedModule)), integrable_first, HF.
    - apply (continuous_first F HF v x). }
  assert (De : forall v x, Derive (fun x => RInt (fun u => F (u, v)) a x) x = F (x, v)) by (intros; apply is_derive_unique, D0).
  assert (Cv : forall x v, a <= x -> continuous (fun v => RInt (fun u => F (u, v)) a x) v).
  { intros x v Hx. apply (continuous_integral (fun z => F (snd z, fst z)) a x v (swap F HF) Hx). }
  assert (D2 : forall x, a < x -> is_derive psi x (RInt (fun v => F (x, v)) c d)).
  { intros x Hx.
    replace (RInt (fun v => F (x, v)) c d) with (RInt (fun v => Derive (fun x => RInt (fun u => F (u, v)) a x) x) c d).
    - apply (is_derive_RInt_param (fun x v => RInt (fun u => F (u, v)) a x) c d x).
      + apply filter_forall. intros y v _. eexists; apply D0.
      + intros v _. apply continuity_2d_pt_ext with (f := fun u v => F (u, v)); [intros; symmetry; apply De|apply continuous_2d, HF].
      + exists (mkposreal (x - a) ltac:(lra)). intros y Hy. change (Rabs (y - x) < x - a) in Hy. apply Rabs_def2 in Hy.
        apply (ex_RInt_continuous (V := R_CompleteNormedModule)). intros v _. apply Cv. lra.
    - apply RInt_ext. intros v _. apply De. }
  (* phi - psi is constant on [a, b], and 0 at a; at a it is continuous. *)
  change (phi b = psi b).
  assert (P0 : phi a = 0) by apply (RInt_point (V := R_CompleteNormedModule)).
  destruct (Req_dec (phi b) (psi b)) as [|N]; [assumption|exfalso].
  set (g := fun x => phi x - psi x).
  assert (Gc : forall x, a < x -> x < b -> g x = g b).
  { intros x Hx Hxb. apply (eq_is_derive (V := R_NormedModule) g x b); [|exact Hxb].
    intros t Ht. assert (At : a < t) by lra.
    pose proof (is_derive_minus (K := R_AbsRing) (V := R_NormedModule) phi psi t _ _ (D1 t) (D2 t At)) as E.
    rewrite minus_eq_zero in E. exact E. }
  (* Near a both are small. *)
  destruct HF as (C & k & HC & Hk & H). assert (HF : moderate F) by (exists C, k; auto).
  set (m := Rmax (Rabs c) (Rabs d)). set (Q := Rabs a + Rabs b + m).
  assert (Bd : exists L, 0 < L /\ forall u v, a <= u <= b -> c <= v <= d -> Rabs (F (u, v)) <= L).
  { destruct (growth F HF) as (K & q & HK & Hq & Gr). exists (K * exp (q * Q) + 1). pose proof (exp_pos (q * Q)). split; [nra|].
    intros u v Hu Hv. eapply Rle_trans; [apply Gr|].
    assert (size (u, v) <= Q).
    { unfold size, Q, m; simpl.
      assert (Rabs u <= Rabs a + Rabs b). { apply Rabs_le. pose proof (Rle_abs b). pose proof (Rle_abs (- a)). pose proof (Rabs_pos a). pose proof (Rabs_pos b). rewrite Rabs_Ropp in *. lra. }
      assert (Rabs v <= Rmax (Rabs c) (Rabs d)).
      { destruct (Rle_dec 0 v) as [P|P].
        - rewrite (Rabs_right v) by lra. eapply Rle_trans; [|apply Rmax_r]. rewrite Rabs_right; lra.
        - rewrite (Rabs_left v) by lra. eapply Rle_trans; [|apply Rmax_l]. pose proof (Rle_abs (- c)). rewrite Rabs_Ropp in *. lra. }
      lra. }
    apply Rle_trans with (K * exp (q * Q)); [|lra]. apply Rmult_le_compat_l; [exact HK|]. apply exp_le. apply Rmult_le_compat_l; assumption. }
  destruct Bd as (L & HL & Bd).
  assert (Small : forall x, a < x < b -> Rabs (g x) <= 2 * ((x - a) * ((d - c) * L))).
  { intros x Hx. unfold g.
    assert (S1 : Rabs (phi x) <= (x - a) * ((d - c) * L)).
    { apply abs_RInt_le_const; [lra|apply (ex_RInt_continuous (V := R_CompleteNormedModule)); intros; apply Cs|].
      intros u Hu. apply abs_RInt_le_const; [lra|apply integrable_second, HF|]. intros v Hv. apply Bd; lra. }
    assert (S2 : Rabs (psi x) <= (d - c) * ((x - a) * L)).
    { apply abs_RInt_le_const; [lra|apply (ex_RInt_continuous (V := R_CompleteNormedModule)); intros; apply Cv; lra|].
      intros v Hv. apply abs_RInt_le_const; [lra|apply integrable_first, HF|]. intros u Hu. apply Bd; lra. }
    pose proof (Rabs_triang (phi x) (- psi x)) as T. rewrite Rabs_Ropp in T. unfold Rminus at 1. lra. }
  assert (Pg : 0 < Rabs (g b)) by (apply Rabs_pos_lt; unfold g; lra).
  set (W := (d - c) * L). assert (PW : 0 < W) by (unfold W; apply Rmult_lt_0_compat; lra).
  set (h := Rmin ((b - a) / 2) (Rabs (g b) / (4 * W))).
  assert (Ph : 0 < h). { apply Rmin_pos; [lra|]. apply Rdiv_lt_0_compat; lra. }
  assert (H1 : h <= (b - a) / 2) by apply Rmin_l. assert (H2 : h * (4 * W) <= Rabs (g b)).
  { apply Rle_trans with (Rabs (g b) / (4 * W) * (4 * W)); [apply Rmult_le_compat_r; [lra|apply Rmin_r]|right; field; lra]. }
  pose proof (Small (a + h) ltac:(lra)) as S. rewrite (Gc (a + h)) in S by lra. fold W in S.
  replace (a + h - a) with h in S by ring. lra.
Qed.

(* Fubini's theorem for what decays. *)
Theorem fubini_line F D A B IA IB : moderate F -> 0 <= D ->
  (forall u s, Rabs (F (u, s)) <= D * (exp (- Rabs u) * exp (- Rabs s))) ->
  (forall u, line (fun s => F (u, s)) (A u)) -> (forall s, line (fun u => F (u, s)) (B s)) ->
  (forall u, continuous A u) -> (forall s, continuous B s) -> line A IA -> line B IB -> IA = IB.
Proof.
  intros HF HD Bd LA LB CA CB HA HB. destruct (Req_dec IA IB) as [|N]; [assumption|exfalso].
  set (x := Rabs (IA - IB)). assert (Px : 0 < x) by (apply Rabs_pos_lt; lra).
  destruct (near_line A IA (x / 4) HA ltac:(lra)) as (ca & Pca & NA).
  destruct (near_line B IB (x / 4) HB ltac:(lra)) as (cb & Pcb & NB).
  destruct (exp_small (x / (64 * (D + 1)))) as (c & Pc & Ec). { apply Rdiv_lt_0_compat; lra. }
  set (n := ca + cb + 2 * c).
  destruct (NA (- n) n) as (a & Ia & Ha); [unfold n; lra|unfold n; lra|].
  destruct (NB (- n) n) as (b & Ib & Hb); [unfold n; lra|unfold n; lra|].
  apply (is_RInt_unique (V := R_CompleteNormedModule)) in Ia. apply (is_RInt_unique (V := R_CompleteNormedModule)) in Ib.
  assert (Pn : 0 < n) by (unfold n; lra).
  assert (Small : n * (D * exp (- n)) <= x / 32).
  { assert (E1 : n <= 2 * exp (n / 2)) by (pose proof (exp_ineq1_le (n / 2)); lra).
    assert (E2 : exp (- n) = exp (- (n / 2)) * exp (- (n / 2))) by (rewrite <- exp_plus; f_equal; field).
    assert (E3 : exp (n / 2) * exp (- (n / 2)) = 1) by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0).
    assert (E4 : exp (- (n / 2)) <= exp (- c)) by (apply exp_le; unfold n; lra).
    pose proof (exp_pos (- (n / 2))) as E5.
    assert (E6 : n * exp (- n) <= 2 * exp (- (n / 2))).
    { rewrite E2. apply Rle_trans with (2 * exp (n / 2) * (exp (- (n / 2)) * exp (- (n / 2)))).
      - apply Rmult_le_compat_r; [nra|exact E1].
      - right. transitivity (2 * (exp (n / 2) * exp (- (n / 2))) * exp (- (n / 2))); [ring|rewrite E3; ring]. }
    assert (E7 : exp (- (n / 2)) < x / (64 * (D + 1))) by lra.
    apply Rmult_lt_compat_r with (r := 64 * (D + 1)) in E7; [|lra].
    replace (x / (64 * (D + 1)) * (64 * (D + 1))) with x in E7 by (field; lra).
    apply Rle_trans with (D * (2 * exp (- (n / 2)))); [|nra].
    replace (n * (D * exp (- n))) with (D * (n * exp (- n))) by ring. apply Rmult_le_compat_l; assumption. }
  assert (One : forall t, exp (- Rabs t) <= 1).
  { intros t. rewrite <- exp_0. apply exp_le. pose proof (Rabs_pos t). lra. }
  assert (Za : Rabs (RInt (fun u => RInt (fun s => F (u, s)) (- n) n) (- n) n - RInt A (- n) n) <= x / 8).
  { assert (C1 : forall u, continuous (fun u => RInt (fun s => F (u, s)) (- n) n) u) by (intros; apply continuous_integral; [exact HF|lra]).
    assert (I1 : ex_RInt (fun u => RInt (fun s => F (u, s)) (- n) n) (- n) n) by (apply (ex_RInt_continuous (V := R_CompleteNormedModule)); intros; apply C1).
    assert (I2 : ex_RInt A (- n) n) by (apply (ex_RInt_continuous (V := R_CompleteNormedModule)); intros; apply CA).
    pose proof (RInt_minus (V := R_CompleteNormedModule) _ _ _ _ I1 I2) as E.
    match type of E with ?l = _ => match goal with |- Rabs ?r <= _ => replace r with l by exact E end end.
    eapply Rle_trans; [apply abs_RInt_le_const with (M := 2 * (D * exp (- n))); [lra|apply (ex_RInt_minus (V := R_NormedModule)); assumption|]|].
    - intros u _. apply (cut_exp (fun s => F (u, s)) D (A u) n); [intros; apply (continuous_second F HF u)|exact HD| |apply LA|lra].
      intros s. eapply Rle_trans; [apply Bd|]. apply Rmult_le_compat_l; [exact HD|]. pose proof (One u). pose proof (exp_pos (- Rabs s)). nra.
    - lra. }
  assert (Zb : Rabs (RInt (fun s => RInt (fun u => F (u, s)) (- n) n) (- n) n - RInt B (- n) n) <= x / 8).
  { assert (C1 : forall s, continuous (fun s => RInt (fun u => F (u, s)) (- n) n) s)
      by (intros s; apply (continuous_integral (fun z => F (snd z, fst z)) (- n) n s (swap F HF)); lra).
    assert (I1 : ex_RInt (fun s => RInt (fun u => F (u, s)) (- n) n) (- n) n) by (apply (ex_RInt_continuous (V := R_CompleteNormedModule)); intros; apply C1).
    assert (I2 : ex_RInt B (- n) n) by (apply (ex_RInt_continuous (V := R_CompleteNormedModule)); intros; apply CB).
    pose proof (RInt_minus (V := R_CompleteNormedModule) _ _ _ _ I1 I2) as E.
    match type of E with ?l = _ => match goal with |- Rabs ?r <= _ => replace r with l by exact E end end.
    eapply Rle_trans; [apply abs_RInt_le_const with (M := 2 * (D * exp (- n))); [lra|apply (ex_RInt_minus (V := R_NormedModule)); assumption|]|].
    - intros s _. apply (cut_exp (fun u => F (u, s)) D (B s) n); [intros; apply (continuous_first F HF s)|exact HD| |apply LB|lra].
      intros u. eapply Rle_trans; [apply Bd|]. apply Rmult_le_compat_l; [exact HD|]. pose proof (One s). pose proof (exp_pos (- Rabs u)). nra.
    - lra. }
  rewrite (fubini F (- n) n (- n) n HF) in Za by lra. rewrite Ia in Za. rewrite Ib in Zb.
  set (j := RInt (fun v => RInt (fun u => F (u, v)) (- n) n) (- n) n) in *.
  apply Rabs_le_between in Za. apply Rabs_le_between in Zb. apply Rabs_def2 in Ha. apply Rabs_def2 in Hb.
  assert (x < x); [|lra]. unfold x at 1. apply Rabs_def1; lra.
Qed.
