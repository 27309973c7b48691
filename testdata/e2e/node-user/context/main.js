const mode = process.argv[2] || 'cold';
console.log(`${mode} in ${process.env.NODE_ENV}, user ${process.getuid()}`);
