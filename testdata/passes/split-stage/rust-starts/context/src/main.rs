fn main() {
    let host = std::process::Command::new("hostname").output().unwrap();
    let keys = std::process::Command::new("ssh-keyscan").arg("example.com").output().unwrap();
    std::fs::write("w", [host.stdout, keys.stdout].concat()).unwrap();
}
